package parleyapi

import (
	"encoding/json"
	"time"
)

// Place is a place in the log: where an endpoint begins, or goes back to.
type Place struct{ value any }

// At is the place of a sequence.
func At(sequence int64) Place { return Place{sequence} }

// Since is the place of the first event at a time or later.
func Since(t time.Time) Place { return Place{t} }

// MarshalJSON gives the sequence or the time.
func (p Place) MarshalJSON() ([]byte, error) { return json.Marshal(p.value) }
