package entry

import (
	"strings"

	"parley"
)

// role is a role with its article.
func role(r parley.Role) string {
	if r == parley.Agent || r == parley.Admin || r == parley.Owner {
		return "an " + string(r)
	}
	return string(r)
}

// browsers and systems are what a browser says of itself, in the order in which it
// tells most: Edge says that it is Chrome, and Chrome that it is Safari.
var (
	browsers = [][2]string{
		{"Edg", "Edge"},
		{"OPR/", "Opera"},
		{"SamsungBrowser", "Samsung Internet"},
		{"Firefox", "Firefox"},
		{"FxiOS", "Firefox"},
		{"CriOS", "Chrome"},
		{"HeadlessChrome", "Chrome"},
		{"Chrome", "Chrome"},
		{"Safari", "Safari"},
		{"curl", "curl"},
		{"Go-http-client", "A Go program"},
	}
	systems = [][2]string{
		{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"CrOS", "ChromeOS"}, {"Windows", "Windows"}, {"Mac OS X", "macOS"}, {"Linux", "Linux"},
	}
)

// device says in words which browser says this of itself.
func device(userAgent string) string {
	browser, system := named(browsers, userAgent), named(systems, userAgent)
	switch {
	case browser == "" && system == "":
		return "An unknown browser"
	case browser == "":
		return "A browser on " + system
	case system == "":
		return browser
	}
	return browser + " on " + system
}

func named(table [][2]string, userAgent string) string {
	for _, entry := range table {
		if strings.Contains(userAgent, entry[0]) {
			return entry[1]
		}
	}
	return ""
}

// themeName is what a theme is called.
func themeName(theme string) string {
	return map[string]string{"light": "Light", "dark": "Dark", "system": "As the system"}[theme]
}

func lines(all []string) string { return strings.Join(all, "\n") }

// providerOr is the name of the provider, or a word for one that is not set up any more.
func providerOr(p profile) string {
	if p.Provider == "" {
		return "an identity provider"
	}
	return p.Provider
}
