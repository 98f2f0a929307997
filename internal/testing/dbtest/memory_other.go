//go:build !linux

package dbtest

// memoryFolder is a folder that lives in memory: no other system has one at a known place.
func memoryFolder() string { return "" }
