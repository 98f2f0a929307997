package attachment

import (
	"mime"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"
)

// sniffed is how many bytes at the beginning of a file tell its type.
const sniffed = 4096

// maxContentType is how long a media type may be.
const maxContentType = 127

// contentType is the media type of a file that begins with head. What is claimed of it
// counts if the bytes agree.
func contentType(head []byte, claimed string) string {
	found := mimetype.Detect(head)
	media, _, err := mime.ParseMediaType(claimed)
	if err == nil && len(media) <= maxContentType && strings.Contains(media, "/") && agrees(found, media) {
		return media
	}
	media, _, _ = strings.Cut(found.String(), ";")
	return media
}

// agrees tells whether a file of the type found may be one of the type claimed: they
// are the same, one is a kind of the other, or no bytes could tell.
func agrees(found *mimetype.MIME, claimed string) bool {
	known := mimetype.Lookup(claimed)
	if known == nil {
		return found.Parent() == nil || found.Is("text/plain")
	}
	return found.Is(claimed) || isKindOf(found, known) || isKindOf(known, found)
}

// isKindOf tells whether a type is a kind of another, as a spreadsheet is of a zip
// archive. All are kinds of the type that says nothing, which does not count.
func isKindOf(narrow, wide *mimetype.MIME) bool {
	for m := narrow.Parent(); m != nil && m.Parent() != nil; m = m.Parent() {
		if m.Is(wide.String()) {
			return true
		}
	}
	return false
}

// shown are the types that a browser may show by itself: pictures, sound and film
// that hold no script. All others, and foremost HTML, SVG, XML and PDF, are saved.
var shown = []string{
	"image/png", "image/jpeg", "image/gif", "image/webp",
	"audio/mpeg", "audio/ogg", "audio/wav", "audio/mp4", "audio/x-m4a", "audio/aac", "audio/flac", "audio/webm",
	"video/mp4", "video/webm", "video/ogg",
}

// Shown tells whether a browser may show a file of this type by itself.
func Shown(contentType string) bool { return slices.Contains(shown, contentType) }

// maxName is how many bytes a file's name may have: what every file system takes.
const maxName = 255

// fileName is a name under which a file can be shown and saved anywhere: the last part
// of what is claimed, without what cannot be seen (line ends, and marks that turn the
// direction of writing, which make an .exe look like a .jpg), and not too long.
func fileName(claimed, contentType string) string {
	claimed = strings.ToValidUTF8(claimed, "")
	claimed = claimed[strings.LastIndexAny(claimed, `/\`)+1:]
	name := strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Noncharacter_Code_Point) {
			return -1
		}
		return r
	}, claimed)
	name = strings.Trim(name, " .")
	if name == "" {
		name = "file"
		if known := mimetype.Lookup(contentType); known != nil {
			name += known.Extension()
		}
	}
	return shortened(name)
}

func shortened(name string) string {
	if len(name) <= maxName {
		return name
	}
	extension := path.Ext(name)
	if len(extension) > 20 {
		extension = ""
	}
	stem := name[:maxName-len(extension)]
	for !utf8.ValidString(stem) { // a letter was cut in two
		stem = stem[:len(stem)-1]
	}
	return strings.TrimRight(stem, " .") + extension
}
