import { render } from 'preact'
import { App } from './app.tsx'
import './styles/base.css'
import './styles/parts.css'

const root = document.getElementById('console')
if (root) render(<App />, root)
