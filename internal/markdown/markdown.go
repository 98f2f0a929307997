// Package markdown makes HTML of texts that people write in Markdown: CommonMark with
// tables, strikethrough, task lists and bare links. What it makes is safe to stand in a
// page, whoever wrote the text: HTML in it is left out, links lead to the web, to mail
// or to the telephone only, and no image is loaded from a place that is not named.
package markdown

import (
	"bytes"
	"regexp"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Renderer makes HTML of Markdown. It can be used by many at once.
type Renderer struct {
	markdown goldmark.Markdown
	policy   *bluemonday.Policy
}

// New makes a renderer. Images become links to them: a page that shows texts of others
// must not tell strangers who reads it.
func New() *Renderer {
	return &Renderer{
		markdown: goldmark.New(
			goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.TaskList, extension.Linkify),
			goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(imagesToLinks{}, 100))),
		),
		policy: policy(),
	}
}

// policy is what may stand in the HTML that is made. goldmark makes nothing else; this
// is for the day on which it is wrong.
func policy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "em", "strong", "del", "code", "pre", "blockquote", "ul", "ol", "li")
	p.AllowElements("table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowAttrs("align").Matching(regexp.MustCompile(`^(left|center|right)$`)).OnElements("th", "td")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^language-[a-zA-Z0-9_+-]{1,40}$`)).OnElements("code")
	p.AllowAttrs("type").Matching(regexp.MustCompile(`^checkbox$`)).OnElements("input")
	p.AllowAttrs("checked", "disabled").Matching(regexp.MustCompile(`^$`)).OnElements("input")
	p.AllowAttrs("href", "title").OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto", "tel")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	return p
}

// HTML is the text as HTML. There is no text that it cannot make something of.
func (r *Renderer) HTML(source string) string {
	var out bytes.Buffer
	if err := r.markdown.Convert([]byte(source), &out); err != nil {
		return "" // only a writer that fails makes an error, and memory does not
	}
	return string(r.policy.SanitizeBytes(out.Bytes()))
}

// imagesToLinks puts a link to an image in its place.
type imagesToLinks struct{}

func (imagesToLinks) Transform(doc *ast.Document, reader text.Reader, _ parser.Context) {
	var images []*ast.Image
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if image, ok := n.(*ast.Image); ok && entering {
			images = append(images, image)
		}
		return ast.WalkContinue, nil
	})
	for _, image := range images {
		replace(image, reader.Source())
	}
}

// replace puts what is said of an image, or its address, into the link to it. Where it
// stands in a link already, only the words are left.
func replace(image *ast.Image, source []byte) {
	var inner ast.Node = ast.NewString(nil)
	if !inLink(image) {
		link := ast.NewLink()
		link.Destination, link.Title = image.Destination, image.Title
		inner = link
	}
	said := false
	for child := image.FirstChild(); child != nil; {
		next := child.NextSibling()
		inner.AppendChild(inner, child)
		child, said = next, true
	}
	if !said {
		inner.AppendChild(inner, ast.NewString(image.Destination))
	}
	image.Parent().ReplaceChild(image.Parent(), image, inner)
}

func inLink(n ast.Node) bool {
	for p := n.Parent(); p != nil; p = p.Parent() {
		if p.Kind() == ast.KindLink {
			return true
		}
	}
	return false
}
