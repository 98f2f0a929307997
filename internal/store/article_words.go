package store

import (
	"context"
	"encoding/hex"

	"parley"
	"parley/internal/database"
)

// SetArticleWords takes words off an article that it is found by, and adds others that
// it was not found by.
func SetArticleWords(ctx context.Context, tx Writer, org parley.OrganizationID, id parley.ArticleID, gone, added []string) {
	inPortions(gone, func(some []string) {
		args := []any{string(org), string(id)}
		for _, word := range some {
			args = append(args, wordKey(word))
		}
		tx.Queue(ctx, "delete from article_words where org_id = $1 and article_id = $2 and word in "+database.In(len(some), 3), args...)
	})
	inPortions(added, func(some []string) {
		var args []any
		for _, word := range some {
			args = append(args, string(org), wordKey(word), string(id))
		}
		tx.Queue(ctx, "insert into article_words (org_id, word, article_id) values "+database.Values(len(some), 3, 1), args...)
	})
}

// inPortions cuts a list into portions of few sizes, as each is a statement of its own.
func inPortions(list []string, do func([]string)) {
	for _, size := range []int{100, 10, 1} {
		for ; len(list) >= size; list = list[size:] {
			do(list[:size])
		}
	}
}

// WithWords is the filter for articles that have all of some words, and for each of the
// beginnings a word that begins with it. None of either find nothing.
func WithWords(whole, beginnings []string) Filter {
	if len(whole)+len(beginnings) == 0 {
		return Where("1 = 0")
	}
	var f Filter
	for _, word := range whole {
		f.And("id in (select article_id from article_words where org_id = $1 and word = ?)", wordKey(word))
	}
	for _, beginning := range beginnings {
		const afterAll = "g" // what stands behind every hexadecimal digit
		f.And("id in (select article_id from article_words where org_id = $1 and word >= ? and word < ?)", wordKey(beginning), wordKey(beginning)+afterAll)
	}
	return f
}

// wordKey is a word as it is kept: in hexadecimal, which every order of letters puts
// behind whatever it begins with.
func wordKey(word string) string { return hex.EncodeToString([]byte(word)) }
