package api_test

import (
	"encoding/binary"
	"hash/fnv"
	"math/rand/v2"
)

// choices are what a request is made by: the same choices make the same request, but
// for the ids that the server gives. They come from bytes as long as there are any,
// which lets go test -fuzz vary one after another, and then from a seed.
type choices struct {
	bytes []byte
	rand  *rand.Rand
}

func choose(bytes []byte, seed uint64, of string, number int) *choices {
	h := fnv.New64a()
	_, _ = h.Write([]byte(of))
	_, _ = h.Write(bytes)
	return &choices{bytes, rand.New(rand.NewPCG(seed, h.Sum64()+uint64(number)))}
}

// below is one of 0 to n-1.
func (c *choices) below(n int) int {
	if len(c.bytes) >= 2 {
		chosen := int(binary.LittleEndian.Uint16(c.bytes)) % n
		c.bytes = c.bytes[2:]
		return chosen
	}
	return c.rand.IntN(n)
}

// once tells in one of n cases that something is to be done.
func (c *choices) once(n int) bool { return c.below(n) == 0 }

func pick[T any](c *choices, from []T) T { return from[c.below(len(from))] }
