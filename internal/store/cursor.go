package store

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"regexp"
	"strconv"

	"parley"
)

// A cursor is a place in a list, in base64, after some bytes that tell the list from
// all others: one of another list, organization or filter is noticed.

const cursorMark = 6 // bytes of the list's name, hashed

// cursorPlace is what a place may look like. It is checked because it comes from the
// client and goes into a statement.
var cursorPlace = regexp.MustCompile(`^[a-z0-9_ ]{1,200}$`)

// ListName is a name for a list that no other has: parts is all that decides which
// objects it has and in which order.
func ListName(parts ...any) string { return fmt.Sprintf("%#v", parts) }

// EncodeCursor writes down a place in a list: digits, small letters, _ and spaces.
func EncodeCursor(list, place string) string {
	mark := sha256.Sum256([]byte(list))
	return base64.RawURLEncoding.EncodeToString(append(mark[:cursorMark:cursorMark], place...))
}

// DecodeCursor reads a place in a list; what is no cursor of this list is an Invalid
// error.
func DecodeCursor(list, cursor string) (place string, err error) {
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	mark := sha256.Sum256([]byte(list))
	if err != nil || len(b) < cursorMark || string(b[:cursorMark]) != string(mark[:cursorMark]) || !cursorPlace.Match(b[cursorMark:]) {
		return "", errNoCursor()
	}
	return string(b[cursorMark:]), nil
}

// DecodeSequence is DecodeCursor for lists whose places are sequences.
func DecodeSequence(list, cursor string) (int64, error) {
	place, err := DecodeCursor(list, cursor)
	if err != nil {
		return 0, err
	}
	seq, err := strconv.ParseInt(place, 10, 64)
	if err != nil {
		return 0, errNoCursor()
	}
	return seq, nil
}

func errNoCursor() error {
	return parley.InvalidField("query.cursor", "is not a cursor of this list: use the next_cursor of the page before, with the same parameters, or leave it out to start again")
}
