/**
 * Extensions of sources, documents and pictures: half of an image's files and more, of which no cataloger wants any. They are asked
 * for once for all catalogers; a law holds every cataloger to it.
 */
export const neverCataloged: ReadonlySet<string> = new Set(
  `py pyc pyi pyx pl pm h hpp c cc cpp js mjs cjs ts mts cts tsx jsx map css scss html htm md rst svg png jpg jpeg gif ico woff woff2 ttf
  mo po pot tcl el vim`.split(/\s+/),
);
