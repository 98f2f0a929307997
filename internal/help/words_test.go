package help

import (
	"strings"
	"testing"
)

func TestWords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                         "",
		"Where is my order?":       "where is my order",
		"Is it? It IS.":            "is it",
		"crème BRÛLÉE, Öfen":       "creme brulee ofen",
		"don't re-heat 2.5 kg":     "don t re heat 2 5 kg",
		"**bold** [link](a://b.c)": "bold link a b c",
		"ﬁne ① ｗｉｄｅ":               "fine 1 wide",
		"犬小屋":                      "犬小 小屋 屋",
		"Tokyoの犬":                  "tokyo の犬 犬",
		"한국어 가이드":                  "한국어 가이드",
		"naïve\u200bjoin":          "naive join",
		"ещё ЁЛКА":                 "еще елка",
	} {
		if got := strings.Join(Words(text), " "); got != want {
			t.Errorf("%q has the words %q, want %q", text, got, want)
		}
	}
}

// However long a text, only so many of its words are kept, and only so much of each.
func TestWordsAreBounded(t *testing.T) {
	t.Parallel()
	var many strings.Builder
	many.WriteString(strings.Repeat("long", 50) + " ")
	for i := range maxWords + 10 {
		many.WriteString(strings.Repeat("x", i%30) + string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i/676)) + " ")
	}
	words := Words(many.String())
	if len(words) != maxWords {
		t.Errorf("%d words are kept, want %d", len(words), maxWords)
	}
	for _, word := range words {
		if len([]rune(word)) > longestWord {
			t.Fatalf("%q is kept whole", word)
		}
	}
}

func TestQueriedWords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"ba a b1": "a: ba b1",
		"屋":       ": 屋",
		"犬小屋":     ": 犬小 小屋",
		"犬小屋 a屋":  "a: 犬小 小屋",
		"?":       ": ",
	} {
		whole, beginnings := queried(text)
		if got := strings.Join(whole, " ") + ": " + strings.Join(beginnings, " "); got != want {
			t.Errorf("for %q these are looked for: %q, want %q", text, got, want)
		}
	}
}

func TestSlugs(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Where is my order?":                 "where-is-my-order",
		"  Crème & Croûte -- Help!  ":        "creme-croute-help",
		"Don't 'panic'":                      "dont-panic",
		"ヘルプ":                                "",
		"Ex. 5: 犬 dog":                       "ex-5-dog",
		strings.Repeat("a", 100):             strings.Repeat("a", maxStem),
		strings.Repeat("a", maxStem) + "-bc": strings.Repeat("a", maxStem),
	} {
		if got := slugOf(text); got != want {
			t.Errorf("%q has the slug %q, want %q", text, got, want)
		}
	}
}

// A slug that is made is free, however many are taken.
func TestASlugThatIsMadeIsFree(t *testing.T) {
	t.Parallel()
	taken := map[string]bool{}
	for i := range 30 {
		slug, err := freeSlug("bread", "article", func(s string) (bool, error) { return taken[s], nil })
		if err != nil || taken[slug] || len(slug) > 80 {
			t.Fatalf("slug %d is %q (%v)", i, slug, err)
		}
		taken[slug] = true
	}
	if !taken["bread"] || !taken["bread-2"] || taken["bread-1"] {
		t.Errorf("the first are %v", taken)
	}
}
