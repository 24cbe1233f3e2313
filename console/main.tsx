import { render } from 'preact'
import { takeLink } from './api/sign-in-link.ts'
import { App } from './app.tsx'
import './styles/base.css'
import './styles/frame.css'
import './styles/parts.css'
import './styles/states.css'

const link = takeLink()
const root = document.getElementById('console')
if (root) render(<App link={link} />, root)
