package parley

import (
	"bytes"
	"encoding/json"
)

// JSON is a value as it is answered and as events tell it: as [json.Marshal] writes it,
// but with <, > and & as they are. Nothing of ours stands in a page without being
// escaped there, and every answer says that it is JSON.
func JSON(v any) ([]byte, error) {
	const usual = 512 // bytes
	b := bytes.NewBuffer(make([]byte, 0, usual))
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
