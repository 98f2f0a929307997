package parley

import "strings"

// Patterns choose types of events: a type's name, "noun.*" for all of a noun,
// "custom.*", or "*" for everything.
type Patterns []string

// Match tells whether any of the patterns chooses the type.
func (p Patterns) Match(eventType string) bool {
	for _, pattern := range p {
		if matchPattern(pattern, eventType) {
			return true
		}
	}
	return false
}

func matchPattern(pattern, eventType string) bool {
	if pattern == "*" || pattern == eventType {
		return true
	}
	stem, ok := strings.CutSuffix(pattern, "*")
	return ok && strings.HasSuffix(stem, ".") && strings.HasPrefix(eventType, stem)
}

// ValidPattern tells whether a pattern can choose any type that exists: so that
// a misspelt one is refused instead of choosing nothing for ever.
func ValidPattern(pattern string) bool {
	if pattern == "*" || pattern == "custom.*" || customName.MatchString(pattern) {
		return true
	}
	for _, d := range catalogue {
		if matchPattern(pattern, d.Name) {
			return true
		}
	}
	return false
}
