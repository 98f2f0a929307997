package parleyapi

import "encoding/json"

// Nullable is a field of a change. As it is it leaves the object's field as that is;
// [Set] fills it and [Null] empties it.
type Nullable[T any] struct {
	value *T
	given bool
}

// Set is a field that gets a value.
func Set[T any](value T) Nullable[T] { return Nullable[T]{&value, true} }

// Null is a field that is emptied.
func Null[T any]() Nullable[T] { return Nullable[T]{nil, true} }

// IsZero tells whether the field is left as it is.
func (n Nullable[T]) IsZero() bool { return !n.given }

// MarshalJSON gives the value, or null.
func (n Nullable[T]) MarshalJSON() ([]byte, error) { return json.Marshal(n.value) }

// UnmarshalJSON takes a value, or null.
func (n *Nullable[T]) UnmarshalJSON(raw []byte) error {
	n.given = true
	return json.Unmarshal(raw, &n.value)
}
