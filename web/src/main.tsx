/** The console begins here. */
import '@mantine/core/styles.css';
import './look.css';
import './shell/shell.css';
import './table/table.css';
import './reports/reports.css';
import './pictures/pictures.css';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { openAnswers } from './api/queries.ts';
import { theme } from './look.ts';
import { openRouter } from './router.tsx';
import { Speak } from './words/spoken.tsx';

// A file that misses the place where it is wanted must not take the console's.
for (const name of ['dragover', 'drop']) addEventListener(name, (event) => event.preventDefault());

const answers = openAnswers();
const router = openRouter(answers);

const root = document.getElementById('root');
if (!root) throw new TypeError('the page has no place for the console');
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <Speak>
        <QueryClientProvider client={answers}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </Speak>
    </MantineProvider>
  </StrictMode>,
);
