/** Files that are dropped anywhere on the page. */
import { useEffect, useRef, useState } from 'react';

const hasFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') ?? false;

/** Calls back with dropped files; says whether some are held over the page now. */
export function useDropped(onFiles: (files: readonly File[]) => void): boolean {
  const [isOver, setOver] = useState(false);
  const tell = useRef(onFiles);
  tell.current = onFiles;
  useEffect(() => {
    const ending = new AbortController();
    const { signal } = ending;
    // What is entered and not left yet: every element that the pointer passes says both.
    let depth = 0;
    const on = (name: 'dragenter' | 'dragover' | 'dragleave' | 'drop', act: (event: DragEvent) => void) =>
      addEventListener(
        name,
        (event) => {
          if (!hasFiles(event)) return;
          // The browser would open the file in the place of the page.
          event.preventDefault();
          act(event);
        },
        { signal },
      );
    on('dragenter', () => setOver(++depth > 0));
    on('dragleave', () => setOver(--depth > 0));
    on('dragover', () => {});
    on('drop', ({ dataTransfer }) => {
      depth = 0;
      setOver(false);
      tell.current([...(dataTransfer?.files ?? [])]);
    });
    return () => ending.abort();
  }, []);
  return isOver;
}
