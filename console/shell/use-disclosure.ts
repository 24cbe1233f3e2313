import type { RefObject } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

interface Disclosure {
  /** Around both the button and what it shows. */
  ref: RefObject<HTMLDivElement>
  isOpen: boolean
  toggle: () => void
}

/** Something that a button shows, and that goes with Escape, or with a step or a click elsewhere. */
export function useDisclosure(): Disclosure {
  const ref = useRef<HTMLDivElement>(null)
  const [isOpen, setOpen] = useState(false)
  useEffect(() => {
    if (!isOpen) return
    const left = ({ target }: Event) => {
      if (!ref.current?.contains(target as Node)) setOpen(false)
    }
    const escaped = ({ key }: KeyboardEvent) => {
      if (key !== 'Escape') return
      setOpen(false)
      ref.current?.querySelector('button')?.focus()
    }
    const events = ['pointerdown', 'focusin']
    for (const event of events) document.addEventListener(event, left)
    document.addEventListener('keydown', escaped)
    return () => {
      for (const event of events) document.removeEventListener(event, left)
      document.removeEventListener('keydown', escaped)
    }
  }, [isOpen])
  return { ref, isOpen, toggle: () => setOpen(!isOpen) }
}
