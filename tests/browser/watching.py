"""A browser that looks at pages for what an attacker would want on them."""

from dataclasses import dataclass, field

from playwright.sync_api import Dialog, Page, Request

from tests.browser.visitor import Visitor
from tests.hostile.characters import LEGITIMATE

NARROW = {"width": 320, "height": 700}

# Elements with their attributes; and all the attributes by which a page loads, sends or runs something.
_INVENTORY = """() => [...document.querySelectorAll("*")].flatMap(
  (element) => [element.localName, ...element.getAttributeNames().map((name) => `${element.localName} ${name}`)])"""
_LEADING = """() => [...document.querySelectorAll("*")].flatMap((element) => element.getAttributeNames()
  .filter((name) => /^(href|src|srcset|action|formaction|data|poster|background|ping|on.*|style|hx-(get|post))$/
    .test(name))
  .map((name) => element.getAttribute(name))).filter((value) => !/^([/?#](?!\\/)|$)/.test(value))"""
# The browser's own idea of what can't be seen, in texts and in what is read out or shown on hovering. What somebody
# types or may type is theirs.
_HIDDEN = """(fine) => {
  const hides = /[\\p{Default_Ignorable_Code_Point}\\p{Bidi_Control}\\p{Cc}\\p{Co}\\p{Cn}]/u;
  const found = [];
  const look = (where, text) => {
    const rest = fine.reduce((left, one) => left.replaceAll(one, ""), text.replace(/[\\n\\t]/g, ""));
    if (hides.test(rest)) found.push(`${where}: ${text.slice(0, 200)}`);
  };
  const texts = document.createTreeWalker(document, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const parent = texts.currentNode.parentElement;
    if (!parent.closest("textarea")) look(parent.outerHTML.slice(0, 80), texts.currentNode.data);
  }
  for (const element of document.querySelectorAll("[title], [aria-label], [placeholder], [alt], [label]"))
    for (const name of ["title", "aria-label", "placeholder", "alt", "label"])
      look(`${element.localName} ${name}`, element.getAttribute(name) ?? "");
  return found;
}"""
# In these nothing hides; an address holds them without their spaces.
_FINE = [*LEGITIMATE, *("".join(text.split()) for text in LEGITIMATE)]
_SIDEWAYS = "document.documentElement.scrollWidth > innerWidth"


@dataclass
class Watch:
    """A page on the narrowest phone, and what went on in it.

    Attributes:
        ran: addresses of pages where a script ran, and breaches of the policy.
        asked: what was asked of anybody but the house.
    """

    visitor: Visitor
    home: str
    ran: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Listen from the first page on."""
        self.page.context.expose_binding("canary", lambda source: self.ran.append(source["page"].url))
        self.page.context.expose_binding("violated", lambda _source, what: self.ran.append(what))
        self.page.add_init_script(
            'document.addEventListener("securitypolicyviolation",'
            "(event) => violated(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`))"
        )
        self.page.on("dialog", self._dismiss)
        self.page.on("request", self._note)
        self.page.set_viewport_size(NARROW)  # type: ignore[arg-type]

    @property
    def page(self) -> Page:
        """The page."""
        return self.visitor.page

    def inventory(self) -> set[str]:
        """Return what the page is made of: names of elements, and of elements with each of their attributes."""
        return set(self.page.evaluate(_INVENTORY))

    def complaints(self, allowed: set[str]) -> list[str]:
        """Return all that is wrong with the page that is open, and forget what it did.

        Args:
            allowed: the `inventory` of pages that mean no harm.
        """
        page = self.page
        found = [f"strange: {name}" for name in sorted(self.inventory() - allowed)]
        found += [f"leads to {value}" for value in page.evaluate(_LEADING)]
        found += [f"hides {text}" for text in page.evaluate(_HIDDEN, _FINE)]
        if self.runs_sideways():
            found.append("runs sideways")
        found += [f"ran: {what}" for what in self.ran] + [f"asked {url}" for url in self.asked]
        self.ran.clear()
        self.asked.clear()
        return found

    def runs_sideways(self) -> bool:
        """Tell whether the page is wider than the window."""
        return bool(self.page.evaluate(_SIDEWAYS))

    def _dismiss(self, dialog: Dialog) -> None:
        self.ran.append(dialog.message)
        dialog.dismiss()

    def _note(self, request: Request) -> None:
        if not request.url.startswith((self.home, self.home.replace("http", "ws", 1))):
            self.asked.append(request.url)
