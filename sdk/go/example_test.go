package parleyapi_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"strings"
	"testing"

	parleyapi "parley/sdk/go"
)

func Example() {
	ctx := context.Background()
	api, err := parleyapi.New(os.Getenv("PARLEY_URL"), os.Getenv("PARLEY_API_KEY"))
	if err != nil {
		log.Fatal(err)
	}

	ada, err := api.CreateContactWithResponse(ctx,
		&parleyapi.CreateContactParams{IdempotencyKey: new("signup-42")}, // sent twice, it happens once
		parleyapi.ContactCreate{Name: new("Ada Lovelace"), Email: new("ada@example.com")})
	var refused *parleyapi.Error
	if errors.As(err, &refused) {
		for _, field := range refused.Errors {
			log.Println(field.Location, field.Message)
		}
	}
	if err != nil {
		log.Fatal(err)
	}

	// Change it only if nobody else has: with its ETag. A field that is left out stays.
	_, err = api.UpdateContactWithResponse(ctx, ada.JSON201.ID,
		&parleyapi.UpdateContactParams{IfMatch: ada.Headers201.ETag},
		parleyapi.ContactUpdate{Phone: parleyapi.Set("+442079460000"), Email: parleyapi.Null[string]()})
	if err != nil {
		log.Fatal(err)
	}

	// All contacts, page by page.
	for contact, err := range parleyapi.All(func(cursor *string) ([]parleyapi.Contact, *string, error) {
		page, err := api.ListContactsWithResponse(ctx, &parleyapi.ListContactsParams{Cursor: cursor})
		if err != nil {
			return nil, nil, err
		}
		return page.JSON200.Data, page.JSON200.NextCursor, nil
	}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(contact.ID, contact.Sequence)
	}
}

// The README shows the example, which compiles.
func TestTheReadmeShowsTheExample(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	_, example, _ := strings.Cut(string(source), "func Example() {\n")
	example, _, _ = strings.Cut(example, "\n}\n")
	_, shown, _ := strings.Cut(string(readme), "```go\n")
	shown, _, _ = strings.Cut(shown, "\n```")
	if want := strings.ReplaceAll(strings.TrimPrefix(example, "\t"), "\n\t", "\n"); shown != want {
		t.Errorf("README.md shows\n%s\nwant\n%s", shown, want)
	}
}
