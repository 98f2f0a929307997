// What a script finds besides the language: a console. The value of this file is
// the function that the sandbox calls. It keeps what it needs from the language,
// because a script can replace all of it for itself.
(() => {
  "use strict"
  const { parse, stringify } = JSON
  const { apply } = Reflect
  const Text = String
  const Failure = TypeError
  const Problem = Error
  const Later = Promise
  const cut = String.prototype.slice

  const mostLines = 100
  const longestLine = 1000
  let lines = 0
  let log = ""

  // A value as a line of a log shows it.
  const show = (value) => {
    if (typeof value === "string") return value
    try {
      if (typeof value !== "object" || value instanceof Problem) return Text(value)
      return stringify(value) ?? Text(value)
    } catch {
      return "[a value that cannot be shown]"
    }
  }

  const append = (line) => {
    log += (lines++ === 0 ? "" : ",") + stringify(line)
  }

  const write = (...values) => {
    if (lines > mostLines) return
    if (lines === mostLines) return append("… and more, which is not kept")
    let line = ""
    for (let i = 0; i < values.length && line.length <= longestLine; i++) {
      line += (i === 0 ? "" : " ") + show(values[i])
    }
    append(line.length > longestLine ? apply(cut, line, [0, longestLine]) + "…" : line)
  }

  globalThis.console = { log: write, info: write, warn: write, error: write, debug: write }

  // The names of these functions mark in a stack where the script ends and the
  // sandbox begins.
  const sandbox = {
    "[sandbox]"(call, args, longest) {
      if (call === undefined) return log
      const value = apply(call, undefined, parse(args))
      if (value === undefined) return undefined
      if (value instanceof Later) {
        throw new Failure("the result is a promise, and nothing waits for it: the function must not be async")
      }
      const text = toJSON(value)
      return text.length > longest ? text.length : text
    },

    "[sandbox] toJSON"(value) {
      let text
      try {
        text = stringify(value)
      } catch (problem) {
        throw problem instanceof Failure ? new Failure("the result has no JSON: " + problem.message) : problem
      }
      if (text === undefined) throw new Failure("the result has no JSON: it is a " + typeof value)
      return text
    },
  }
  const toJSON = sandbox["[sandbox] toJSON"]
  return sandbox["[sandbox]"]
})()
