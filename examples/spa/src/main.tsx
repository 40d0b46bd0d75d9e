import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { readConfig } from './config.ts';
import { SignIn } from './sign-in.ts';
import './style.css';

const root = createRoot(document.getElementById('root') ?? document.body);

try {
  const config = await readConfig();
  const signIn = new SignIn(config);
  const page = await signIn.resume();
  if (page) location.hash = page;
  root.render(
    <StrictMode>
      <App config={config} signIn={signIn} />
    </StrictMode>,
  );
} catch (error) {
  root.render(
    <main className="welcome">
      <h1>This page cannot start</h1>
      <p role="alert">{error instanceof Error ? error.message : String(error)}</p>
      <p>
        <a href="/">Try again</a>
      </p>
    </main>,
  );
}
