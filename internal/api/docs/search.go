package docs

import (
	"cmp"
	"encoding/json"
)

// found is an entry of the search index, with short names because there are many.
type found struct {
	Title string `json:"t"`
	Hint  string `json:"h"`
	Words string `json:"w,omitempty"`
	URL   string `json:"u"`
}

// searchIndex is what the script searches: every section of every page.
func (s *site) searchIndex() []byte {
	var index []found
	for _, p := range s.pages {
		index = append(index, found{Title: p.Title, Hint: cmp.Or(p.Hint, p.Group), Words: p.Words, URL: p.URL})
		for _, one := range p.Sections {
			hint := one.Hint
			if hint == "" {
				hint = p.Title
			}
			index = append(index, found{one.Title, hint, one.Words, p.URL + "#" + one.ID})
		}
	}
	out, _ := json.Marshal(index) // texts: cannot fail
	return out
}
