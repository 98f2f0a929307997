package sandbox

// The system calls that package syscall does not know, and the kernel's name for
// this platform.
const (
	platform      = 0xc00000b7
	callSeccomp   = 277
	callGetrandom = 278
	callRseq      = 293
	callClone3    = 435
)
