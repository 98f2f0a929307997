package docs

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"path"
	"regexp"
	"slices"
	"strings"

	"parley/internal/web"
)

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed assets/*
var assetFiles embed.FS

// layout is what the frame around every page's content needs.
type layout struct {
	Page    *page
	Nav     []navGroup
	Content template.HTML
	Version string
}

type navGroup struct {
	Title string
	Pages []navPage
}

// navPage is a page in the navigation: with its sections if it is the one shown.
type navPage struct {
	*page
	Current  bool
	Sections []navSection
}

type navSection struct {
	section
	URL   string
	Below []navPage // pages that are shown below it
}

// render makes every file that is served.
func (s *site) render() files {
	out := files{}
	s.assets = map[string]string{}
	for name, contentType := range map[string]string{
		"docs.css": "text/css; charset=utf-8", "docs.js": "text/javascript; charset=utf-8",
		"theme.js": "text/javascript; charset=utf-8", "icon.svg": "image/svg+xml",
	} {
		content, err := assetFiles.ReadFile("assets/" + name)
		if err != nil {
			panic("docs: " + err.Error()) // it is part of the program
		}
		s.addAsset(out, name, contentType, content)
	}
	s.addAsset(out, "search.json", "application/json", s.searchIndex())

	templates := template.Must(template.New("").Funcs(s.functions()).ParseFS(templateFiles, "templates/*.html"))
	for _, p := range append(s.pages, &page{Title: "No such page", URL: missing, content: "missing"}) {
		content := execute(templates, p.content, p)
		whole := execute(templates, "layout", layout{p, s.nav(p), template.HTML(content), s.doc.Info.Version})
		out[p.URL] = web.NewFile("text/html; charset=utf-8", whole)
	}
	return out
}

func (s *site) addAsset(out files, name, contentType string, content []byte) {
	f := web.NewFile(contentType, content)
	f.Forever = true
	extension := path.Ext(name)
	s.assets[name] = root + "/assets/" + strings.TrimSuffix(name, extension) + "." + f.Hash() + extension
	out[s.assets[name]] = f
}

func execute(t *template.Template, name string, data any) []byte {
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, name, data); err != nil {
		panic("docs: " + err.Error()) // the document cannot be shown
	}
	return b.Bytes()
}

// functions are what the templates call.
func (s *site) functions() template.FuncMap {
	return template.FuncMap{
		"asset":   func(name string) string { return s.assets[name] },
		"short":   func(method string) string { return strings.Replace(method, "DELETE", "DEL", 1) },
		"path":    breakable,
		"snippet": newSnippet,
		"op":      s.route,
		"event":   s.mention,
		"verb":    verb,
		"renamed": func(all []writtenEvent) bool {
			return slices.ContainsFunc(all, func(one writtenEvent) bool { return one.Type != "" })
		},
		"text": s.inline,
		"receivers": func(group string, samples []sample) any {
			return struct {
				Group   string
				Samples []sample
			}{group, samples}
		},
	}
}

// verb is what the name of an event says of its noun, as it stands below the noun.
func verb(event string) string {
	_, verb, _ := strings.Cut(event, ".")
	return capitalized(strings.ReplaceAll(verb, "_", " "))
}

// snippet is a piece of code with its caption.
type snippet struct {
	Title string
	Code  template.HTML
	Wraps bool // a command is wanted whole, and has no shape to lose
}

// newSnippet makes a snippet of code that is HTML already, or text.
func newSnippet(title string, code any) snippet {
	html, ok := code.(template.HTML)
	if !ok {
		html = commented(fmt.Sprint(code))
	}
	return snippet{title, html, strings.HasPrefix(string(html), "curl ")}
}

var comment = regexp.MustCompile(`(?m)(^|\s)((?://|#)(?:[ \t].*)?)$`)

// commented is code as HTML, with its comments in <em>.
func commented(text string) template.HTML {
	return template.HTML(comment.ReplaceAllString(template.HTMLEscapeString(text), "$1<em>$2</em>"))
}

// breakable is a path that may be broken into lines between its segments.
func breakable(path string) template.HTML {
	return template.HTML(strings.ReplaceAll(template.HTMLEscapeString(path), "/", "/<wbr>"))
}

var parameter = regexp.MustCompile(`\{[^}]*\}`)

// route is a method with a path, and a link to the operation if there is one.
func (s *site) route(route string) template.HTML {
	for _, op := range s.operations() {
		if parameter.ReplaceAllString(op.Method+" "+op.Path, "{}") == parameter.ReplaceAllString(route, "{}") {
			return `<a href="` + escaped(s.places[op.OperationID].URL) + `">` + code(route) + `</a>`
		}
	}
	return code(route)
}

// nav is the navigation as it stands beside a page.
func (s *site) nav(shown *page) (groups []navGroup) {
	for _, title := range []string{groupGuide, groupAPI, groupEvents} {
		group := navGroup{Title: title}
		for _, p := range s.pages {
			if p.Group != title {
				continue
			}
			item := navPage{page: p, Current: p == shown}
			if item.Current || p.Flat {
				item.Sections = s.navSections(p, shown)
			}
			group.Pages = append(group.Pages, item)
		}
		groups = append(groups, group)
	}
	return groups
}

// navSections are the sections of a page. Below the one that the page shown belongs to
// stands that page, with those beside it.
func (s *site) navSections(p, shown *page) (sections []navSection) {
	for _, one := range p.Sections {
		if one.Minor {
			continue
		}
		nav := navSection{section: one, URL: p.URL + "#" + one.ID}
		for _, below := range s.pages {
			if p.Flat && below.Below == one.ID && below.Below == shown.Below {
				nav.Below = append(nav.Below, navPage{page: below, Current: below == shown})
			}
		}
		sections = append(sections, nav)
	}
	return sections
}
