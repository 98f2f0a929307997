//go:build !linux

package bench

// usageOf knows nothing on this system.
func usageOf(int) (usage, error) { return usage{}, nil }

// machineLoad is not known on this system.
func machineLoad() (load float64, known bool) { return 0, false }

// processor is not known on this system.
func processor() string { return "" }
