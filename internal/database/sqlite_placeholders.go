package database

import (
	"strconv"
	"strings"
)

// unnumbered writes a statement whose placeholders are $1, $2, $3, … in this order,
// each once, with ? in their stead; any other statement stays as it is. To SQLite a
// number is a name, which the driver would look up for every value it binds.
func unnumbered(query string) string {
	var b strings.Builder
	rest := query
	for next := 1; ; next++ {
		i := strings.IndexAny(rest, "$'\"`[-/")
		if i < 0 {
			b.WriteString(rest)
			return b.String()
		}
		number := strconv.Itoa(next)
		after, ok := strings.CutPrefix(rest[i+1:], number)
		if rest[i] != '$' || !ok || after != "" && '0' <= after[0] && after[0] <= '9' {
			return query // another order, or text that may hold a $ of its own
		}
		b.WriteString(rest[:i])
		b.WriteByte('?')
		rest = after
	}
}
