package contact

import (
	"strings"

	"parley/internal/store"
)

// Holding lets only those contacts through whose name, email, phone or external_id
// holds a text, whatever the case of a to z; see [store.Filter.Search].
func Holding(f *store.Filter, text string) {
	// The database lowers both sides, so that they agree on what is a letter.
	part := "%" + likeEscape.Replace(text) + "%"
	f.Search(`(lower(name) like lower(?) escape '\' or lower(email) like lower(?) escape '\' or phone like ? escape '\' or lower(external_id) like lower(?) escape '\')`,
		part, part, part, part)
}

var likeEscape = strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`)
