//go:build !race

package mirror_test

const raceDetector = false
