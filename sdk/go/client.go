package parleyapi

import (
	"context"
	"iter"
	"net/http"
)

// New makes a client of the Parley at a URL, such as "https://parley.example.com", that
// has this API key. It may be used by any number of goroutines.
func New(url, key string, options ...ClientOption) (*ClientWithResponses, error) {
	authorized := WithRequestEditorFn(func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", "Bearer "+key)
		return nil
	})
	client, err := NewClient(url, append([]ClientOption{authorized}, options...)...)
	if err != nil {
		return nil, err
	}
	client.Client = refusing{client.Client}
	return &ClientWithResponses{client}, nil
}

// Values are the values of custom fields or variables by name: strings, numbers and
// booleans; in a change, nil removes one.
type Values = map[string]any

// All goes through all objects of a list, page by page. Page gets the page at a cursor,
// nil for the first, and gives its objects and the cursor of the next. An error ends it.
func All[T any](page func(cursor *string) (objects []T, next *string, err error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for cursor := (*string)(nil); ; {
			objects, next, err := page(cursor)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, object := range objects {
				if !yield(object, nil) {
					return
				}
			}
			if next == nil {
				return
			}
			cursor = next
		}
	}
}
