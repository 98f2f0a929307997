package help

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"parley"
	"parley/internal/database"
	"parley/internal/store"
)

// Search knows an article by its words: all of the title and the description, and of
// the text as many as make maxWords different ones. It has no ranking and no grammar;
// it finds the beginnings of words, in any language.
const (
	maxWords    = 5000 // different ones of an article
	longestWord = 40   // characters of a word that count
)

// Words are the different words of a text, in the order in which they first come:
// runs of letters, digits and marks, without regard to case and accents. Where a
// script sets no spaces, each character and its neighbour is a word.
func Words(text string) []string {
	w := words{seen: map[string]bool{}}
	w.add(text)
	return w.found
}

// words are gathered from texts, up to maxWords.
type words struct {
	seen  map[string]bool
	found []string
}

func (w *words) add(text string) {
	var run []rune
	dense := false
	end := func() {
		if dense {
			w.pairs(run)
		} else {
			w.keep(run)
		}
		run = run[:0]
	}
	for _, c := range folded(text) {
		part := unicode.IsLetter(c) || unicode.IsDigit(c) || unicode.IsMark(c)
		if len(run) > 0 && (!part || spaceless(c) != dense && !unicode.IsMark(c)) {
			end()
		}
		if part {
			if len(run) == 0 {
				dense = spaceless(c)
			}
			run = append(run, c)
		}
	}
	end()
}

// pairs keeps each character of a run with the one that follows it, and the last alone:
// so a single character is the beginning of a word wherever it stands.
func (w *words) pairs(run []rune) {
	for i := range run {
		w.keep(run[i:min(i+2, len(run))])
	}
}

func (w *words) keep(run []rune) {
	word := string(run[:min(len(run), longestWord)])
	if word == "" || w.seen[word] || len(w.found) == maxWords {
		return
	}
	w.seen[word] = true
	w.found = append(w.found, word)
}

// spaceless tells whether a character is of a script that sets no spaces between words.
func spaceless(c rune) bool {
	return c >= 0x0e00 && unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// folded is a text as search sees it: in small letters, without accents, and with one
// form for characters that have several.
func folded(text string) string {
	bare := strings.Map(func(c rune) rune {
		if accent := '\u0300' <= c && c <= '\u036f'; accent {
			return -1
		}
		return c
	}, norm.NFKD.String(text))
	return strings.ToLower(norm.NFKC.String(bare))
}

// Search is the filter for articles that have, for each word of a text, one that begins
// with it; a single letter must be there as a word, as it begins too many. A text
// without words finds nothing.
func Search(text string) store.Filter { return store.WithWords(queried(text)) }

// queried are the words of a text as they are looked for. The last of a run of
// characters without spaces is not looked for alone: the pair before it has it.
func queried(text string) (whole, beginnings []string) {
	all := Words(text)
	for i, word := range all {
		c, size := utf8.DecodeRuneInString(word)
		switch single := size == len(word); {
		case single && !spaceless(c):
			whole = append(whole, word)
		case !single || i == 0 || !strings.HasSuffix(all[i-1], word):
			beginnings = append(beginnings, word)
		}
	}
	return whole, beginnings
}

// indexArticle keeps the words of an article.
func indexArticle(ctx context.Context, tx *database.Tx, org parley.OrganizationID, before, after *parley.Article) {
	article := before
	if before == nil {
		article = after
	}
	old, now := wordsOf(before), wordsOf(after)
	store.SetArticleWords(ctx, tx, org, article.ID, missing(old, now), missing(now, old))
}

func wordsOf(a *parley.Article) words {
	w := words{seen: map[string]bool{}}
	if a == nil {
		return w
	}
	w.add(a.Title)
	if a.Description != nil {
		w.add(*a.Description)
	}
	w.add(a.Body)
	return w
}

// missing are the words that are in one and not in the other.
func missing(in, from words) (gone []string) {
	for _, word := range in.found {
		if !from.seen[word] {
			gone = append(gone, word)
		}
	}
	return gone
}
