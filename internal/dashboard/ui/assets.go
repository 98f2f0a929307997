package ui

import (
	"bytes"
	"embed"
	"io/fs"
	"net/http"
	"slices"
	"strings"

	"parley/internal/web"
)

//go:embed css/*.css js/*.js lib/*.js icon.svg
var sources embed.FS

// AssetsPath is where the files of the design system are served.
const AssetsPath = "/assets/"

// Assets are the files that every page needs: one style sheet, one script.
type Assets struct {
	Style, Script, Icon string // their paths

	files map[string]web.File
}

// NewAssets puts the files together. The style sheets and scripts come one after the
// other, in the order of their names.
func NewAssets() *Assets {
	a := &Assets{files: map[string]web.File{}}
	a.Style = a.add("app", ".css", "text/css; charset=utf-8", joined("css/*.css"))
	a.Script = a.add("app", ".js", "text/javascript; charset=utf-8", slices.Concat(joined("lib/htmx*.js"), joined("lib/idiomorph*.js"), joined("js/*.js")))
	a.Icon = a.add("icon", ".svg", "image/svg+xml", joined("icon.svg"))
	return a
}

func (a *Assets) add(name, extension, contentType string, content []byte) string {
	file := web.NewFile(contentType, content)
	file.Forever = true
	path := AssetsPath + name + "." + file.Hash() + extension
	a.files[path] = file
	return path
}

// joined is the content of the files whose names match, in their order.
func joined(pattern string) []byte {
	names, err := fs.Glob(sources, pattern)
	if err != nil || len(names) == 0 {
		panic("ui: no files match " + pattern) // they are part of the program
	}
	var all bytes.Buffer
	for _, name := range names {
		content, err := sources.ReadFile(name)
		if err != nil {
			panic("ui: " + err.Error())
		}
		all.Write(content)
		if !strings.HasSuffix(name, ".svg") {
			all.WriteString("\n")
		}
	}
	return all.Bytes()
}

// ServeHTTP serves the files.
func (a *Assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	file, ok := a.files[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	file.Serve(w, r, http.StatusOK)
}
