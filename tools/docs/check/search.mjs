// The search of the site works in the browser, on an index that the build makes.

/** @returns what is wrong with it */
export async function trySearch({ page, takeComplaints }, word, expected) {
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto('/', { waitUntil: 'load' });
  await page.locator('.VPNavBarSearch button').first().click();
  await page.locator('.search-input').fill(word);
  const results = page.locator('.VPLocalSearchBox .result');
  await results
    .first()
    .waitFor()
    .catch(() => {}); // no result is reported below
  const found = await results.evaluateAll((links) => links.map(({ pathname }) => pathname));
  const missing = found.includes(expected) ? [] : [`the search for ${word} finds ${found.join(', ')}, not ${expected}`];
  return [...missing, ...takeComplaints()];
}
