// Runs within a page of the site, where nothing but its own code is known.

/** @returns what is wrong with the page as it is shown now, where its links lead, and what they may lead to */
export function inspectPage() {
  const problems = [];
  const content = document.querySelector('.VPContent') ?? document.body;
  const shown = (element) =>
    element.getClientRects().length > 0 && !element.closest('.visually-hidden, [aria-hidden=true]');
  const words = (element) => element.textContent.trim().replaceAll(/\s+/g, ' ').slice(0, 40);

  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) {
    const wide = [...content.querySelectorAll('*')].find(
      (element) =>
        shown(element) && element.getBoundingClientRect().right > clientWidth + 1 && !element.closest('pre, table'),
    );
    problems.push(
      `is ${scrollWidth} px wide on ${clientWidth}: <${wide?.tagName.toLowerCase()}> ${wide ? words(wide) : ''}`,
    );
  }

  for (const image of document.images) {
    if (!image.hasAttribute('alt')) problems.push(`an image without alt text: ${image.currentSrc}`);
    if (shown(image) && image.loading !== 'lazy' && !(image.complete && image.naturalWidth > 0)) {
      problems.push(`an image is missing: ${image.currentSrc}`);
    }
  }

  let above = 0;
  for (const heading of content.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
    const level = Number(heading.tagName[1]);
    if (level > above + 1) problems.push(`<h${level}> follows <h${above}>: ${words(heading)}`);
    if (level === 1 && above > 0) problems.push(`has a second <h1>: ${words(heading)}`);
    above = level;
  }
  if (above === 0) problems.push('has no heading');

  const parse = (color) => {
    const [r = 0, g = 0, b = 0, alpha = 1] = (color.match(/[\d.]+/g) ?? []).map(Number);
    return { rgb: [r, g, b], alpha };
  };
  const over = (top, below) => top.rgb.map((part, i) => part * top.alpha + below[i] * (1 - top.alpha));
  const backdrop = (element) => {
    if (element === null) return [255, 255, 255];
    const color = parse(getComputedStyle(element).backgroundColor);
    return color.alpha >= 1 ? color.rgb : over(color, backdrop(element.parentElement));
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const faint = new Set();
  for (const element of content.querySelectorAll('*')) {
    const hasText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== '');
    // Colours of code are the theme's own affair.
    if (!hasText || !shown(element) || element.closest('pre, svg, .header-anchor')) continue;
    const style = getComputedStyle(element);
    const below = backdrop(element);
    const [light, dark] = [luminance(over(parse(style.color), below)), luminance(below)].sort((a, b) => b - a);
    const ratio = (light + 0.05) / (dark + 0.05);
    const isLarge = Number.parseFloat(style.fontSize) >= 24;
    const pair = `${style.color} on ${below.map(Math.round)}`;
    if (ratio >= (isLarge ? 3 : 4.5) || faint.has(pair)) continue;
    faint.add(pair);
    problems.push(`text is hard to read, ${ratio.toFixed(2)} : 1, ${pair}: ${words(element)}`);
  }

  return {
    problems,
    links: [...document.querySelectorAll('a[href]')].map(({ href }) => href),
    anchors: [...document.querySelectorAll('[id]')].map(({ id }) => id),
  };
}
