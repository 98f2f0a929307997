package parley

import (
	"crypto/rand"
	"encoding/binary"
	"sync"
	"time"
)

// An id is a TypeID (https://github.com/jetify-com/typeid): a prefix that says
// what it names, an underscore, and a UUIDv7 in 26 characters of lower-case
// Crockford base32. Ids of one kind sort by the time they were made; within one
// process each is greater than the one before. The order of events and of
// changes is told by their sequence, never by an id.
type (
	OrganizationID   string
	UserID           string
	TeamID           string
	APIKeyID         string
	InboxID          string
	ContactID        string
	ConversationID   string
	MessageID        string
	NoteID           string
	LabelID          string
	CustomFieldID    string
	EventID          string
	WebhookID        string
	DeliveryID       string
	TaskID           string
	TicketID         string
	OrderID          string
	PaymentID        string
	PipelineID       string
	StageID          string
	DealID           string
	AttachmentID     string
	AppointmentID    string
	PortalID         string
	CategoryID       string
	ArticleID        string
	CannedResponseID string
)

func (OrganizationID) Prefix() string   { return "org" }
func (UserID) Prefix() string           { return "usr" }
func (TeamID) Prefix() string           { return "team" }
func (APIKeyID) Prefix() string         { return "key" }
func (InboxID) Prefix() string          { return "inb" }
func (ContactID) Prefix() string        { return "con" }
func (ConversationID) Prefix() string   { return "conv" }
func (MessageID) Prefix() string        { return "msg" }
func (NoteID) Prefix() string           { return "note" }
func (LabelID) Prefix() string          { return "lbl" }
func (CustomFieldID) Prefix() string    { return "cf" }
func (EventID) Prefix() string          { return "evt" }
func (WebhookID) Prefix() string        { return "whk" }
func (DeliveryID) Prefix() string       { return "dlv" }
func (TaskID) Prefix() string           { return "task" }
func (TicketID) Prefix() string         { return "tkt" }
func (OrderID) Prefix() string          { return "ord" }
func (PaymentID) Prefix() string        { return "pay" }
func (PipelineID) Prefix() string       { return "pipe" }
func (StageID) Prefix() string          { return "stg" }
func (DealID) Prefix() string           { return "deal" }
func (AttachmentID) Prefix() string     { return "att" }
func (AppointmentID) Prefix() string    { return "apt" }
func (PortalID) Prefix() string         { return "port" }
func (CategoryID) Prefix() string       { return "cat" }
func (ArticleID) Prefix() string        { return "art" }
func (CannedResponseID) Prefix() string { return "can" }

// ID is any of the typed ids.
type ID interface {
	~string
	Prefix() string
}

// NewID makes an id of the kind I. It never fails and never repeats.
func NewID[I ID]() I {
	var zero I
	return I(MakeID(zero.Prefix()))
}

// MakeID is NewID for a prefix known only at run time.
func MakeID(prefix string) string { return format(prefix, newUUID()) }

// ParseID checks that s is a well-formed id of the kind I: its prefix, its
// length and its alphabet. It says nothing about whether the object exists.
func ParseID[I ID](s string) (I, bool) {
	_, ok := decodeID[I](s)
	return I(s), ok
}

// eventSequenceBits is how much of an event's id holds its sequence.
const eventSequenceBits = 42

// NewEventID makes the id of the event at a sequence (1 to 2^42-1). The id is an
// ordinary TypeID whose random part carries the sequence, so an event is found
// by its id through the log's primary key.
func NewEventID(seq int64) EventID {
	u := newUUID()
	seq &= 1<<eventSequenceBits - 1
	hi, lo := seq>>30, seq&(1<<30-1)
	binary.BigEndian.PutUint16(u[6:], 0x7000|uint16(hi))
	binary.BigEndian.PutUint32(u[8:], 0x80000000|uint32(lo))
	return formatID[EventID](u)
}

// Sequence is the place in the log that the id says it has, 0 if it is not a
// well-formed event id. Whoever looks an event up by it must compare the whole id.
func (id EventID) Sequence() int64 {
	u, ok := decodeID[EventID](string(id))
	if !ok {
		return 0
	}
	hi := int64(binary.BigEndian.Uint16(u[6:]) & 0x0fff)
	lo := int64(binary.BigEndian.Uint32(u[8:]) & (1<<30 - 1))
	return hi<<30 | lo
}

// numberEpoch is when the numbers of ids begin: 2025-01-01, in milliseconds.
const numberEpoch = 1735689600000

// Number is an id as a whole number, for programs that know no other ids. It is made of
// the time in the id: milliseconds since the start of 2025, and a fraction of 12 bits.
// So it is the same for ever, grows in the order of making, and until 2094 stays below
// 2^53, which JavaScript counts to. Two ids of a kind share a number only if two
// processes made them in the same 244 ns. 0 stands for what is no such id, or was made
// before. Ids of events and deliveries hold something else in place of the fraction:
// their numbers are of no use.
func Number[I ID](id I) int64 {
	u, ok := decodeID[I](string(id))
	if !ok {
		return 0
	}
	head := binary.BigEndian.Uint64(u[:8])
	return max(0, int64(head>>16)-numberEpoch)<<12 | int64(head&0xfff)
}

// tailLength is how many characters of an endpoint's id a delivery's id repeats:
// 80 bits, of which 74 are random.
const tailLength = 16

// NewDeliveryID derives the id of the delivery of the event at seq to an
// endpoint: the same two always give the same id, and both can be told from it.
func NewDeliveryID(webhook WebhookID, seq int64) DeliveryID {
	var u [16]byte
	binary.BigEndian.PutUint64(u[:8], uint64(seq)<<16)
	head := formatID[DeliveryID](u)
	head = head[:len(head)-tailLength]
	return head + DeliveryID(webhook[len(webhook)-tailLength:])
}

// Parts tells the sequence of the event and the end of the endpoint's id (see
// [WebhookID.Tail]) that a delivery's id was made from.
func (id DeliveryID) Parts() (seq int64, tail string, ok bool) {
	u, ok := decodeID[DeliveryID](string(id))
	if !ok {
		return 0, "", false
	}
	return int64(binary.BigEndian.Uint64(u[:8]) >> 16), string(id[len(id)-tailLength:]), true
}

// Tail is the part of the endpoint's id that its deliveries' ids end with.
func (id WebhookID) Tail() string { return string(id[len(id)-tailLength:]) }

const (
	alphabet     = "0123456789abcdefghjkmnpqrstvwxyz"
	suffixLength = 26
)

var decodeTable = func() (t [256]byte) {
	for i := range t {
		t[i] = 0xff
	}
	for i, c := range []byte(alphabet) {
		t[c] = byte(i)
	}
	return t
}()

func formatID[I ID](u [16]byte) I {
	var zero I
	return I(format(zero.Prefix(), u))
}

func format(prefix string, u [16]byte) string {
	b := make([]byte, len(prefix)+1+suffixLength)
	n := copy(b, prefix)
	b[n] = '_'
	hi, lo := binary.BigEndian.Uint64(u[:8]), binary.BigEndian.Uint64(u[8:])
	for i := len(b) - 1; i > n; i-- {
		b[i] = alphabet[lo&31]
		lo = lo>>5 | hi<<59
		hi >>= 5
	}
	return string(b)
}

func decodeID[I ID](s string) (u [16]byte, ok bool) {
	var zero I
	prefix := zero.Prefix()
	if len(s) != len(prefix)+1+suffixLength || s[:len(prefix)] != prefix || s[len(prefix)] != '_' {
		return u, false
	}
	suffix := s[len(prefix)+1:]
	if suffix[0] > '7' { // 26 characters hold 130 bits; an id has 128
		return u, false
	}
	var hi, lo uint64
	for _, c := range []byte(suffix) {
		v := decodeTable[c]
		if v == 0xff {
			return u, false
		}
		hi = hi<<5 | lo>>59
		lo = lo<<5 | uint64(v)
	}
	binary.BigEndian.PutUint64(u[:8], hi)
	binary.BigEndian.PutUint64(u[8:], lo)
	return u, true
}

// clock keeps the UUIDs of a process in order: 48 bits of milliseconds and 12
// of a fraction that counts up within one (RFC 9562, section 6.2, method 3).
var clock struct {
	sync.Mutex
	last int64
}

func newUUID() (u [16]byte) {
	clock.Lock()
	now := time.Now()
	tick := now.UnixMilli()<<12 | int64(now.Nanosecond()%1e6)*4096/1e6
	if tick <= clock.last {
		tick = clock.last + 1
	}
	clock.last = tick
	clock.Unlock()

	rand.Read(u[8:])
	binary.BigEndian.PutUint64(u[:8], uint64(tick>>12)<<16|0x7000|uint64(tick&0xfff))
	u[8] = u[8]&0x3f | 0x80
	return u
}
