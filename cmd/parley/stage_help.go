package main

func (s *stage) portal() (string, error) {
	return s.make("/v1/portals", object{"name": "Help", "description": "Made by parley trigger"})
}

func (s *stage) category() (string, error) {
	id, _, err := s.newCategory()
	return id, err
}

// newCategory adds a category and tells its portal too.
func (s *stage) newCategory() (id, portal string, err error) {
	if portal, err = s.portal(); err != nil {
		return "", "", err
	}
	id, err = s.make("/v1/categories", object{"portal_id": portal, "name": pick("Opening hours", "Delivery", "Allergens")})
	return id, portal, err
}

func (s *stage) article() (string, error) {
	category, portal, err := s.newCategory()
	if err != nil {
		return "", err
	}
	return s.make("/v1/articles", object{
		"portal_id": portal, "category_id": category, "title": "How do I keep bread fresh?",
		"body": "In a **linen bag**, cut side down. Two days, then *toast* it.",
	})
}

func (s *stage) team() (string, error) {
	user, err := s.anyUser()
	if err != nil {
		return "", err
	}
	return s.make("/v1/teams", object{"name": "Weekend " + word(), "member_ids": []string{user}})
}
