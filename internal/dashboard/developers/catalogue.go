package developers

import (
	"reflect"
	"slices"
	"strings"

	"parley"
	"parley/internal/dashboard/page"
	"parley/internal/payload"
)

// section is a noun with its types of event.
type section struct {
	Noun  string
	Types []parley.Declaration
}

func showCatalogue(r *page.Request) error {
	var all []section
	for _, noun := range nouns() {
		all = append(all, section{noun, ofNoun(noun)})
	}
	return r.Page(page.Show{Title: "Event catalogue", Current: catalogue}, cataloguePage(all))
}

func ofNoun(noun string) []parley.Declaration {
	return slices.DeleteFunc(parley.Catalogue(), func(d parley.Declaration) bool { return d.Noun() != noun })
}

// eventType is what the page of a type of event shows.
type eventType struct {
	parley.Declaration
	Fields    []field
	Formats   []payload.Format
	Format    payload.Format
	Example   []byte
	Subscribe bool // the person may add an endpoint
	SeesLog   bool
}

// exampleEndpoint is whom the examples are written for.
const exampleEndpoint parley.WebhookID = "whk_01kaf0v3b9n5t2c8r6z4y1j7qe"

func showType(r *page.Request) error {
	d, ok := parley.Declared(r.PathValue("type"))
	if !ok {
		return parley.Missing("type of event", r.PathValue("type"))
	}
	t := eventType{
		Declaration: d, Fields: fieldsOf(d.Data, "data", 0), Formats: payload.Formats(),
		Subscribe: r.Allows(writeWebhooks), SeesLog: r.Allows(readEvents),
	}
	if t.Format, ok = payload.Named(r.Query("format")); !ok {
		t.Format = t.Formats[0]
	}
	var err error
	if t.Example, err = t.Format.Body(exampleEndpoint, payload.Example(d)); err != nil {
		return err
	}
	return r.Page(page.Show{Title: d.Name, Current: catalogue}, typePage(t))
}

// field is a line of the table of what an event holds.
type field struct {
	Path string // data.contact.name
	Type string
	Doc  string
}

// deepest is how far into an event's data the table goes.
const deepest = 3

// fieldsOf are the fields of a struct and of those in it, in the order in which JSON
// has them.
func fieldsOf(t reflect.Type, path string, depth int) (all []field) {
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.IsExported() || f.Anonymous || name == "" || name == "-" {
			continue
		}
		one := field{Path: path + "." + name, Type: typeName(f.Type), Doc: f.Tag.Get("doc")}
		if values := f.Tag.Get("enum"); values != "" {
			one.Type = strings.Replace(one.Type, "text", strings.ReplaceAll(values, ",", ", "), 1)
		}
		all = append(all, one)
		inner := f.Type
		for inner.Kind() == reflect.Pointer || inner.Kind() == reflect.Slice {
			inner = inner.Elem()
		}
		if inner.Kind() == reflect.Struct && depth < deepest {
			all = append(all, fieldsOf(inner, one.Path, depth+1)...)
		}
	}
	return all
}

var rawJSON = reflect.TypeFor[[]byte]()

// typeName is what a type is in JSON, in words.
func typeName(t reflect.Type) string {
	if id, ok := reflect.Zero(t).Interface().(interface{ Prefix() string }); ok && t.Kind() == reflect.String {
		return "id, " + id.Prefix() + "_…"
	}
	switch {
	case t == reflect.TypeFor[parley.Time]():
		return "time"
	case t.ConvertibleTo(rawJSON) && t.Kind() == reflect.Slice:
		return "any JSON"
	}
	switch t.Kind() {
	case reflect.Pointer:
		return typeName(t.Elem()) + ", or null"
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64, reflect.Int32, reflect.Float64:
		return "number"
	case reflect.Slice:
		return "list of " + typeName(t.Elem())
	default:
		return "object"
	}
}
