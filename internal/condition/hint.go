package condition

import (
	"slices"
	"strings"
)

// nearest is the candidate that was probably meant, "" if none is near enough.
func nearest(given string, candidates []string) string {
	const longest = 64
	if len(given) > longest {
		return ""
	}
	best, least := "", 3
	slices.Sort(candidates)
	for _, candidate := range candidates {
		if bare(given) == bare(candidate) {
			return candidate
		}
		if d := distance(given, candidate); d < least && d*3 <= max(len(given), len(candidate)) {
			best, least = candidate, d
		}
	}
	return best
}

// didYouMean is the end of a message that names what was probably meant.
func didYouMean(given string, candidates []string) string {
	if near := nearest(given, candidates); near != "" {
		return `; did you mean "` + near + `"?`
	}
	return "."
}

// bare is a name without what people write differently: assigneeId, assignee-id.
func bare(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(name))
}

// distance is how many letters are to be added, dropped, changed or swapped with
// their neighbour to make b of a.
func distance(a, b string) int {
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

// enumerate joins names as a sentence does: a, b and c.
func enumerate(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
