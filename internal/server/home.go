package server

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"net/http"
)

//go:embed home.css
var homeStyle string

//go:embed home.html
var homeText string

// home shows a person who opens the address in a browser what runs there.
func (s *Server) home() http.HandlerFunc {
	var page bytes.Buffer
	facts := struct {
		Version string
		Style   template.CSS
	}{s.config.Version, template.CSS(homeStyle)}
	if err := template.Must(template.New("home").Parse(homeText)).Execute(&page, facts); err != nil {
		panic(err) // the page is part of the program
	}
	style := sha256.Sum256([]byte(homeStyle))
	policy := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(style[:]) +
		"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	return func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Security-Policy", policy)
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-cache")
		_, _ = w.Write(page.Bytes()) // the client may have gone: nobody to tell
	}
}
