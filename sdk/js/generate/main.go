// Command generate writes the TypeScript types of Parley's events, for the receiver
// kit in sdk/js, from the catalogue: what an event holds is declared there, once.
//
//	go run ./sdk/js/generate types/events.d.ts
package main

import (
	"fmt"
	"os"
)

//go:generate go run . ../types/events.d.ts

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: generate FILE")
		os.Exit(2)
	}
	if err := os.WriteFile(os.Args[1], declarations(), 0o644); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}
