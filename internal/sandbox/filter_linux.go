//go:build amd64 || arm64

package sandbox

import (
	"errors"
	"runtime"
	"syscall"
	"unsafe"
)

// The numbers that package syscall does not have on each platform.
const (
	prSetNoNewPrivs    = 38
	seccompSetFilter   = 1
	seccompAllThreads  = 1
	seccompAllow       = 0x7fff0000
	seccompRefuse      = 0x00050000 // with the error in the low bits
	cloneThread        = 0x00010000
	offsetOfCall       = 0 // in what the kernel shows to a filter
	offsetOfPlatform   = 4
	offsetOfArguments  = 16
	bitsOfLoad         = syscall.BPF_LD | syscall.BPF_W | syscall.BPF_ABS
	bitsOfJumpIfEqual  = syscall.BPF_JMP | syscall.BPF_JEQ | syscall.BPF_K
	bitsOfJumpIfAnyBit = syscall.BPF_JMP | syscall.BPF_JSET | syscall.BPF_K
	bitsOfReturn       = syscall.BPF_RET | syscall.BPF_K
)

// filter is a program for the kernel, which decides about each system call.
type filter []syscall.SockFilter

// allowed is what the Go runtime needs to calculate, to wait, and to read and write
// what is open already. Everything else gives EPERM.
func allowed() filter {
	var f filter
	f.add(bitsOfLoad, offsetOfPlatform, 0, 0)
	f.add(bitsOfJumpIfEqual, platform, 1, 0)
	f.refuse(syscall.EPERM)
	f.add(bitsOfLoad, offsetOfCall, 0, 0)
	for _, call := range []uint32{
		syscall.SYS_READ, syscall.SYS_WRITE, syscall.SYS_FUTEX, syscall.SYS_EPOLL_PWAIT,
		syscall.SYS_NANOSLEEP, syscall.SYS_CLOCK_NANOSLEEP, syscall.SYS_CLOCK_GETTIME, syscall.SYS_GETTIMEOFDAY,
		syscall.SYS_SCHED_YIELD, syscall.SYS_SCHED_GETAFFINITY, syscall.SYS_GETRUSAGE, syscall.SYS_RESTART_SYSCALL,
		syscall.SYS_GETPID, syscall.SYS_GETTID, syscall.SYS_MUNMAP, syscall.SYS_MADVISE, syscall.SYS_MREMAP, syscall.SYS_BRK,
		syscall.SYS_RT_SIGACTION, syscall.SYS_RT_SIGPROCMASK, syscall.SYS_RT_SIGRETURN, syscall.SYS_SIGALTSTACK,
		syscall.SYS_EXIT, syscall.SYS_EXIT_GROUP, syscall.SYS_CLOSE, syscall.SYS_SET_ROBUST_LIST,
		callGetrandom, callRseq,
	} {
		f.allow(call)
	}
	f.allowWithout(syscall.SYS_MMAP, 2, syscall.PROT_EXEC)
	f.allowWithout(syscall.SYS_MPROTECT, 2, syscall.PROT_EXEC)
	f.allowWith(syscall.SYS_CLONE, 0, cloneThread)
	f.allowFirst(syscall.SYS_TGKILL, uint32(syscall.Getpid())) // the runtime interrupts its own threads
	// A C library falls back to the old call, whose arguments can be looked at.
	f.add(bitsOfJumpIfEqual, callClone3, 0, 1)
	f.refuse(syscall.ENOSYS)
	f.refuse(syscall.EPERM)
	return f
}

func (f *filter) add(code uint16, k uint32, yes, no uint8) {
	*f = append(*f, syscall.SockFilter{Code: code, K: k, Jt: yes, Jf: no})
}

func (f *filter) refuse(reason syscall.Errno) {
	f.add(bitsOfReturn, seccompRefuse|uint32(reason), 0, 0)
}

func (f *filter) allow(call uint32) {
	f.add(bitsOfJumpIfEqual, call, 0, 1)
	f.add(bitsOfReturn, seccompAllow, 0, 0)
}

// allowWithout allows a call if none of these bits is set in an argument.
func (f *filter) allowWithout(call, argument, bits uint32) {
	f.allowIf(call, argument, bitsOfJumpIfAnyBit, bits, 1, 0)
}

// allowWith allows a call if one of these bits is set in an argument.
func (f *filter) allowWith(call, argument, bits uint32) {
	f.allowIf(call, argument, bitsOfJumpIfAnyBit, bits, 0, 1)
}

// allowFirst allows a call with this value as its first argument.
func (f *filter) allowFirst(call, value uint32) {
	f.allowIf(call, 0, bitsOfJumpIfEqual, value, 0, 1)
}

// allowIf looks at the low half of an argument, which both platforms keep first.
func (f *filter) allowIf(call, argument uint32, test uint16, k uint32, yes, no uint8) {
	f.add(bitsOfJumpIfEqual, call, 0, 4)
	f.add(bitsOfLoad, offsetOfArguments+8*argument, 0, 0)
	f.add(test, k, yes, no)
	f.add(bitsOfReturn, seccompAllow, 0, 0)
	f.refuse(syscall.EPERM)
}

// filterSystemCalls puts the filter on all threads, for good.
func filterSystemCalls() error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if _, _, errno := syscall.RawSyscall6(syscall.SYS_PRCTL, prSetNoNewPrivs, 1, 0, 0, 0, 0); errno != 0 {
		return errno
	}
	f := allowed()
	program := syscall.SockFprog{Len: uint16(len(f)), Filter: &f[0]}
	stray, _, errno := syscall.Syscall(callSeccomp, seccompSetFilter, seccompAllThreads, uintptr(unsafe.Pointer(&program)))
	if errno != 0 {
		return errno
	}
	if stray != 0 {
		return errors.New("a thread could not be reached")
	}
	return nil
}
