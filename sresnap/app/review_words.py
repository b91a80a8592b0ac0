"""What a closed period says in words, for a terminal and for a mail."""

from __future__ import annotations

from dataclasses import dataclass

from sresnap import format as fmt
from sresnap.app.review_pages import policy_of
from sresnap.config.default_wording import default_wording
from sresnap.config.settings import Config
from sresnap.model.wording import Wording
from sresnap.render.mail import review_mail
from sresnap.sentences.closed import Material, subject_of_review
from sresnap.sentences.rules import sentences
from sresnap.web.links import is_link


@dataclass(frozen=True, slots=True)
class InWords:
    """A period, and the texts that say it."""

    material: Material
    wording: Wording

    @property
    def sentences(self) -> tuple[str, ...]:
        """What there is to say, with ordinary spaces."""
        found = sentences(subject_of_review(self.material), self.wording, self.material.review.timezone)
        return tuple(fmt.plain(one.text) for one in found)

    def mail(self, site: str | None) -> str:
        """The period as one page; its links lead to a site whose address is given."""
        address = f"{site.rstrip('/')}/" if site is not None and is_link(site) else None
        return review_mail(self.material, self.wording, address)


def in_words(material: Material, config: Config | None) -> InWords:
    """A period with the texts and the policy of a configuration; without one in English, and without a policy."""
    if config is None:
        return InWords(material, default_wording())
    return InWords(Material(material.review, material.before, material.restatements, policy_of(config)), config.wording)
