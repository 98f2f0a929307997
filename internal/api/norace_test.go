//go:build !race

package api_test

// shrink is by how much large tests are smaller with the race detector.
const shrink = 1
