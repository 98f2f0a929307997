// Package spelling finds what was probably meant by a name that is misspelt, so that
// an error can say so. What it finds depends on its arguments alone.
package spelling

import "strings"

// longest is how many bytes a name may have that is compared with others.
const longest = 64

// Nearest is the candidate that was probably meant, the first of those that are
// equally near; "" if none is near enough. Names are equal that differ in case, "_",
// "-", "." and spaces only.
func Nearest(given string, candidates []string) string {
	if len(given) > longest {
		return ""
	}
	best, least := "", 3
	for _, candidate := range candidates {
		if bare(given) == bare(candidate) {
			return candidate
		}
		if d := Distance(given, candidate); d < least && d*3 <= max(len(given), len(candidate)) {
			best, least = candidate, d
		}
	}
	return best
}

// DidYouMean is the end of a message that names the nearest candidate, such as
// `; did you mean "name"?`; "" if none is near enough.
func DidYouMean(given string, candidates []string) string {
	near := Nearest(given, candidates)
	if near == "" {
		return ""
	}
	return `; did you mean "` + near + `"?`
}

// bare is a name without what people write differently: inboxId, inbox-id.
func bare(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "", ".", "").Replace(name))
}

// Distance is how many bytes are to be added, dropped, changed or swapped with their
// neighbour to make b of a.
func Distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := last[j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			row[j] = min(last[j]+1, row[j-1]+1, change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
