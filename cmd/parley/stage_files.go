package main

// attachment uploads a file, which happens to be JSON.
func (s *stage) attachment() (string, error) {
	return s.make("/v1/attachments?file_name=price-list.json", object{"rye": 4.5, "wheat": 3.2, "spelt": 5})
}
