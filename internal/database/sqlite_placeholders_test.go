package database

import "testing"

func TestPlaceholdersInOrderNeedNoNumbers(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"select 1":                                    "select 1",
		"select a from b where c = $1":                "select a from b where c = ?",
		"values ($1,$2,$3)":                           "values (?,?,?)",
		"where a = $1 and b = $2 limit 10":            "where a = ? and b = ? limit 10",
		"where a = $2 and b = $1":                     "where a = $2 and b = $1",
		"where a = $1 or b = $1":                      "where a = $1 or b = $1",
		"where a = $1 and b = $3":                     "where a = $1 and b = $3",
		"where a = $12":                               "where a = $12",
		"where a = $1 and b = '$2'":                   "where a = $1 and b = '$2'",
		"select \"$1\", $1":                           "select \"$1\", $1",
		"where a = $1 -- and $2":                      "where a = $1 -- and $2",
		"where a = $1 /* and $2 */":                   "where a = $1 /* and $2 */",
		"where a = $1 and b = $named":                 "where a = $1 and b = $named",
		"values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)": "values (?,?,?,?,?,?,?,?,?,?,?)",
	} {
		if got := unnumbered(query); got != want {
			t.Errorf("%q becomes %q, want %q", query, got, want)
		}
	}
}
