/** Keeps the input above an on-screen keyboard where the browser shrinks only what is seen, not the page. */

export function followKeyboard(): void {
  const viewport = window.visualViewport;
  if (!viewport) return;
  const fit = () => {
    // Zoomed in with two fingers the seen part is smaller too; the layout must not follow that.
    const height = viewport.scale > 1.01 ? "" : `${Math.round(viewport.height)}px`;
    document.documentElement.style.setProperty("--seen", height);
  };
  viewport.addEventListener("resize", fit);
  fit();
}
