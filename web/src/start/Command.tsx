/** A command to paste. */
import { Button, Code } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useWords } from '../words/spoken.tsx';

const saidMs = 2000;

/** The command, and a button that copies it; where a page may not copy, it marks the text for whoever can. */
export function Command({ text }: { text: string }) {
  const words = useWords();
  const code = useRef<HTMLElement>(null);
  const [said, setSaid] = useState<'copied' | 'marked'>();
  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(() => setSaid(undefined), saidMs);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async () => {
    if (code.current) getSelection()?.selectAllChildren(code.current);
    // Browsers let pages copy on https and on this machine alone.
    const isCopied = await navigator.clipboard?.writeText(text).then(
      () => true,
      () => false,
    );
    setSaid(isCopied ? 'copied' : 'marked');
  };
  return (
    <div className="command">
      <Code block ref={code as React.Ref<HTMLPreElement>} tabIndex={0} translate="no">
        {text}
      </Code>
      <Button size="xs" variant="default" onClick={() => void copy()} aria-live="polite">
        {said ? words[said] : words.copy}
      </Button>
    </div>
  );
}
