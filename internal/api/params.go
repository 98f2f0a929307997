package api

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"parley"
	"parley/internal/database"
	"parley/internal/store"
)

// ListParams are the parameters of every list.
type ListParams struct {
	Limit        int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many objects a page has at most"`
	Cursor       string `query:"cursor" maxLength:"1000" doc:"The next_cursor of the page before"`
	ChangedAfter place  `query:"changed_after" pattern:"^[0-9]{1,15}$" doc:"List only objects changed after this sequence, in order of change: to keep a copy up to date"`
}

func (p ListParams) page() store.Page {
	return store.Page{Limit: p.Limit, Cursor: p.Cursor, ChangedAfter: p.ChangedAfter.sequence()}
}

// place is a place in the log given as a parameter, which may be left out.
type place string

// digits is the pattern of places; the document shows them as whole numbers.
const digits = "^[0-9]{1,15}$"

func (p place) sequence() *int64 {
	n, err := strconv.ParseInt(string(p), 10, 64)
	if err != nil {
		return nil
	}
	return &n
}

// pathID reads an id of a path. What cannot be one names nothing: it is NotFound.
func pathID[I parley.ID](text, noun string) (I, error) {
	id, ok := parley.ParseID[I](text)
	if !ok {
		return id, parley.Missing(noun, text)
	}
	return id, nil
}

// queryTime reads a time of the query.
func queryTime(name, text string) (time.Time, error) {
	var t parley.Time
	if err := t.UnmarshalText([]byte(text)); err != nil {
		return time.Time{}, parley.InvalidField("query."+name, "%s", err.Error())
	}
	return t.Std(), nil
}

// typeFilter reads a comma-separated list of types and patterns of events.
func typeFilter(text string) (parley.Patterns, error) {
	var patterns parley.Patterns
	for p := range strings.SplitSeq(text, ",") {
		p = strings.TrimSpace(p)
		if p == "" {
			continue
		}
		if !parley.ValidPattern(p) {
			return nil, parley.InvalidField("query.types", "%q is no type of event and no pattern such as conversation.*: the types are listed at /v1/event_types", p)
		}
		patterns = append(patterns, p)
	}
	return patterns, nil
}

// page is a page of a list.
type page[T any] struct {
	Data       []T     `json:"data"`
	NextCursor *string `json:"next_cursor"`
}

func pageOf[T any](objs []T, next string, err error) (page[T], error) {
	p := page[T]{Data: objs}
	if next != "" {
		p.NextCursor = &next
	}
	if p.Data == nil {
		p.Data = []T{}
	}
	return p, err
}

func (p page[T]) appendJSON(b []byte, q database.Querier, org parley.OrganizationID) ([]byte, error) {
	b = append(b, `{"data":[`...)
	table := store.TableOf[T]()
	for i := range p.Data {
		if i > 0 {
			b = append(b, ',')
		}
		if i == 1 { // the others are about as large
			b = slices.Grow(b, len(b)*len(p.Data))
		}
		if table != nil {
			b = table.AppendJSON(b, q, org, &p.Data[i])
			continue
		}
		one, err := parley.JSON(p.Data[i])
		if err != nil {
			return nil, err
		}
		b = append(b, one...)
	}
	next, err := json.Marshal(p.NextCursor)
	return append(append(append(b, `],"next_cursor":`...), next...), '}'), err
}

// pageSchema describes a page of objects of a type: a ContactPage for contacts.
func (a *API) pageSchema(t reflect.Type) *huma.Schema {
	items := a.components.Answer(t)
	return a.components.Named(a.components.Name(items.Ref)+"Page", reflect.SliceOf(t), &huma.Schema{
		Type: huma.TypeObject,
		Properties: map[string]*huma.Schema{
			"data":        {Type: huma.TypeArray, Items: items},
			"next_cursor": {Type: huma.TypeString, Nullable: true, Description: "Give it as cursor to get the next page; null: this is the last"},
		},
		Required: []string{"data", "next_cursor"},
	})
}
