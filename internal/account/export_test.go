package account

// CountHashes has do done, and tells how often a password was hashed meanwhile.
func (a *Account) CountHashes(do func()) (n int) {
	real := a.hasher.derive
	defer func() { a.hasher.derive = real }()
	a.hasher.derive = func(password, salt []byte, time, memory uint32, threads uint8, length uint32) []byte {
		n++
		return real(password, salt, time, memory, threads, length)
	}
	do()
	return n
}

// HashWith has passwords hashed by another function from now on.
func (a *Account) HashWith(derive func(password, salt []byte, time, memory uint32, threads uint8, length uint32) []byte) {
	a.hasher.derive = derive
}

// ParseHash reads a hash and writes it again.
func ParseHash(text string) (string, error) {
	h, err := parseHash(text)
	return h.String(), err
}
