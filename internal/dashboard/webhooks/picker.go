package webhooks

import (
	"slices"
	"strings"

	"parley"
)

// nounTypes are the types of events of one noun.
type nounTypes struct {
	Noun  string
	Types []parley.Declaration
}

// nouns are the types by noun, in the order of their names. Tests of endpoints are
// left out: they go to their endpoint whatever it subscribes to.
func nouns(all []parley.Declaration) (tree []nounTypes) {
	for _, d := range all {
		if d.Name == parley.WebhookTested.Name() {
			continue
		}
		if len(tree) == 0 || tree[len(tree)-1].Noun != d.Noun() {
			tree = append(tree, nounTypes{Noun: d.Noun()})
		}
		last := &tree[len(tree)-1]
		last.Types = append(last.Types, d)
	}
	return tree
}

// name is the noun as a word.
func (n nounTypes) name() string {
	word := strings.ReplaceAll(n.Noun, "_", " ")
	return strings.ToUpper(word[:1]) + word[1:]
}

// words are what the noun is found by: its own and those of its types.
func (n nounTypes) words() string {
	var b strings.Builder
	b.WriteString(n.Noun)
	for _, d := range n.Types {
		b.WriteString(" " + d.Name + " " + d.Doc)
	}
	return b.String()
}

// chosen are the types and patterns that an endpoint subscribes to.
type chosen []string

func chosenTypes(values []string) (c chosen) {
	for _, value := range values {
		for line := range strings.SplitSeq(value, "\n") {
			if line = strings.TrimSpace(line); line != "" {
				c = append(c, line)
			}
		}
	}
	return c
}

func (c chosen) has(pattern string) bool { return slices.Contains(c, pattern) }

// least is the choice without what another part of it covers.
func (c chosen) least() []string {
	if c.has("*") {
		return []string{"*"}
	}
	least := []string{}
	for _, pattern := range c {
		noun, _, _ := strings.Cut(pattern, ".")
		if whole := noun + ".*"; (pattern == whole || !c.has(whole)) && !slices.Contains(least, pattern) {
			least = append(least, pattern)
		}
	}
	return least
}

// within tells whether types of a noun are chosen one by one.
func (c chosen) within(n nounTypes) bool {
	return slices.ContainsFunc(n.Types, func(d parley.Declaration) bool { return c.has(d.Name) })
}

// own are those that are in no tree: types of the organization's making, and what was
// misspelt.
func (c chosen) own() string {
	var others []string
	for _, pattern := range c {
		_, declared := parley.Declared(pattern)
		stem, whole := strings.CutSuffix(pattern, ".*")
		if pattern == "*" || declared || whole && (stem == "custom" || parley.ValidPattern(pattern)) || slices.Contains(others, pattern) {
			continue
		}
		others = append(others, pattern)
	}
	return strings.Join(others, "\n")
}

// typesError is what is wrong with the choice.
func typesError(text string) string {
	if text == "is required" {
		return "Choose at least one type of event, or everything."
	}
	return text
}

// back is where one goes who changes nothing.
func back(e editor) string {
	if e.fresh() {
		return home
	}
	return address(e.Webhook.ID, "")
}
