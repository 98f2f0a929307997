package docs

import (
	"html/template"
	"regexp"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"parley/internal/ratelimit"
	"parley/internal/web"
)

// Chapters gives the pages of a document by their paths below the root, "" being the
// guide, with links to each other as they are below another root. They are made like
// those of [Handler].
func Chapters(doc func() *huma.OpenAPI, limit ratelimit.Limit, elsewhere string) func(path string) (web.Chapter, bool) {
	book := sync.OnceValue(func() *book {
		s := newSite(doc(), limit)
		s.write()
		return &book{site: s, templates: template.Must(template.New("").Funcs(s.functions()).ParseFS(templateFiles, "templates/*.html")), root: elsewhere}
	})
	return func(path string) (web.Chapter, bool) { return book().chapter(path) }
}

// book makes chapters, one at a time: what they are made from is not for several.
type book struct {
	mu        sync.Mutex
	site      *site
	templates *template.Template
	root      string
}

func (b *book) chapter(path string) (web.Chapter, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, p := range b.site.pages {
		if p.URL == strings.TrimRight(root+"/"+path, "/") {
			content := b.moved(string(execute(b.templates, p.content, p)))
			return web.Chapter{Title: p.Title, HTML: class.ReplaceAllStringFunc(content, prefixed), Nav: b.nav(p)}, true
		}
	}
	return web.Chapter{}, false
}

var (
	class = regexp.MustCompile(`class="[^"]*"`)
	link  = regexp.MustCompile(`href="` + root + `(["/#])`)
)

// moved has links lead to where the pages are in the other frame.
func (b *book) moved(html string) string { return link.ReplaceAllString(html, `href="`+b.root+`$1`) }

func prefixed(class string) string {
	names := strings.Fields(strings.TrimSuffix(strings.TrimPrefix(class, `class="`), `"`))
	for i, name := range names {
		if name != "quiet" { // which means the same everywhere
			names[i] = "ref-" + name
		}
	}
	return `class="` + strings.Join(names, " ") + `"`
}

func (b *book) nav(shown *page) (groups []web.ChapterGroup) {
	for _, title := range []string{groupGuide, groupAPI, groupEvents} {
		g := web.ChapterGroup{Title: title}
		for _, p := range b.site.pages {
			if p.Group == title {
				g.Chapters = append(g.Chapters, b.link(p, shown))
			}
		}
		groups = append(groups, g)
	}
	return groups
}

func (b *book) link(p, shown *page) web.ChapterLink {
	to := web.ChapterLink{Title: p.Title, URL: b.root + strings.TrimPrefix(p.URL, root), Words: p.Title + " " + p.Words, Current: p == shown || shown.Below != "" && p.Flat}
	for _, one := range p.Sections {
		to.Words += " " + one.Title + " " + one.Words
		if p == shown && !one.Minor {
			to.Sections = append(to.Sections, web.ChapterLink{Title: one.Title, URL: "#" + one.ID, Method: one.Method})
		}
	}
	return to
}
