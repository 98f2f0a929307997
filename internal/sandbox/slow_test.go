//go:build race

package sandbox

// slowdown is how much longer the race detector makes everything take.
const slowdown = 10
