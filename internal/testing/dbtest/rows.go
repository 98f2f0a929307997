package dbtest

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// Texts are the rows of a query, a text for each, without some columns. It closes the
// rows. An error, also that of the query, ends the test.
func Texts(t testing.TB, rows *sql.Rows, err error, without ...string) (all []string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		if err := rows.Scan(values...); err != nil {
			t.Fatal(err)
		}
		var text strings.Builder
		for i, name := range columns {
			if !slices.Contains(without, name) {
				fmt.Fprintf(&text, "%s=%v ", name, *values[i].(*any))
			}
		}
		all = append(all, text.String())
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
