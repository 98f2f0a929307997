package sandbox

// The system calls that package syscall does not know, and the kernel's name for
// this platform.
const (
	platform      = 0xc000003e
	callSeccomp   = 317
	callGetrandom = 318
	callRseq      = 334
	callClone3    = 435
)
